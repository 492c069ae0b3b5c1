"""Pictures of dashboards with real data from a real Prometheus, where no Grafana can run."""
