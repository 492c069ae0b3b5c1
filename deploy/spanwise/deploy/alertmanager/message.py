"""What a notification says. Alertmanager and Grafana share the template language and these names."""

from __future__ import annotations

from typing import Final


TITLE: Final = (
    '{{ if eq .Status "firing" }}{{ if eq .CommonLabels.severity "page" }}Page{{ else }}Ticket{{ end }}'
    "{{ else }}Resolved{{ end }}: "
    "{{ if eq (len .Alerts) 1 }}{{ range .Alerts }}{{ .Annotations.summary }}{{ end }}"
    "{{ else }}{{ len .Alerts }} alerts{{ with .CommonLabels.alertname }} {{ . }}{{ end }}"
    "{{ with .CommonLabels.service_name }} of {{ . }}{{ end }}{{ end }}"
)
"""One line: how urgent, and the summary of the alert or how many there are."""

TEXT: Final = (
    "{{ range .Alerts }}"
    "{{ .Annotations.summary }}\n{{ .Annotations.description }}\n"
    "Runbook: {{ .Annotations.runbook_url }}\n"
    "{{ with .GeneratorURL }}Query: {{ . }}\n{{ end }}\n"
    "{{ end }}"
)
"""For each alert: summary and description with their values, the runbook, and the query behind it."""

PAGERDUTY_SEVERITY: Final = '{{ if eq .CommonLabels.severity "page" }}critical{{ else }}warning{{ end }}'
"""The severity in the words of PagerDuty."""
