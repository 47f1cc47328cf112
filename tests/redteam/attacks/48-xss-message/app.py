
raise ValueError(
    '=HYPERLINK("http://192.0.2.1","x")\n</pre><script>alert(1)</script>\x1b]0;owned\x07\x1b[2J\u202egpj'
)
