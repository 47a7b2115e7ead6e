"""The slice `bench_core` written again in other ways, to hold the engines against."""
