"""My notes on gevent."""
