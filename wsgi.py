from flasknb import create_app
app = create_app()
