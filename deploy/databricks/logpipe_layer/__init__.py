"""One layer of logpipe on Spark: what run_layer.py is made of."""
