from flask import Flask
from flask.views import MethodView

app = Flask(__name__)


class Home(MethodView):
    def get(self):
        return "<p>Hello,&nbsp;Flask!</p>"


app.add_url_rule("/", view_func=Home.as_view("home"))

if "__main__" == __name__:
    app.run(debug=True, use_reloader=False)
