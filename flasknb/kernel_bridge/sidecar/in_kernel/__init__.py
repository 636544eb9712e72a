"""What runs in IPython kernels' own Python: standard library, zmq and ipykernel only, and nothing of flasknb.

The sidecar starts ``launch_ipykernel.py`` by its path; that one runs what lies beside it. All of it compares ipykernel
with what it knows first, and leaves alone what it does not know.
"""
