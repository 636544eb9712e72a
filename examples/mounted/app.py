"""A site with a front page of its own, and the notebook at /nb:  flask --app examples/mounted/app.py run"""

from flask import Flask, url_for

from flasknb import FlaskNB

app = Flask(__name__)
FlaskNB(root_dir=".").init_app(app, url_prefix="/nb")


@app.get("/")
def front_page() -> str:
    return f'<h1>My site</h1><p><a href="{url_for("flasknb.pages.home")}">The notebooks</a></p>'
