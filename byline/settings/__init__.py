"""Settings: `site.toml` and the environment, read into one frozen struct, or refused with every fault named."""
