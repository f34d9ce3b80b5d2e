"""What tests and benchmarks share: a server, viewers, a network, inputs."""
