"""Static hosts: the site's one table of redirects and headers, written down for each that site.toml names."""
