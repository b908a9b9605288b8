"""測定 (benchmarks): figures of the house, each beside a rival measured in the same run."""
