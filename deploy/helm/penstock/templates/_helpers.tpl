{{- define "penstock.name" -}}
{{- if contains "penstock" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-penstock" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "penstock.selector" -}}
app.kubernetes.io/name: penstock
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "penstock.labels" -}}
{{ include "penstock.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* A variable of the environment from a secret, if the secret is named. */}}
{{- define "penstock.secret" -}}
{{- if .from.name }}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .from.name }}
      key: {{ .from.key }}
{{- end }}
{{- end }}

{{/* Several pods share what only these can hold. */}}
{{- define "penstock.check" -}}
{{- $several := or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) }}
{{- $secrets := .Values.secrets }}
{{- if $several }}
{{- range $name := list "database" "redis" "sealingKey" "adminToken" "cacheSecret" }}
{{- if not (index $secrets $name).name }}
{{- fail (printf "Several gateways need secrets.%s.name: see values.yaml." $name) }}
{{- end }}
{{- end }}
{{- if .Values.persistence.enabled }}
{{- fail "Several gateways cannot share one data folder: set persistence.enabled to false." }}
{{- end }}
{{- end }}
{{- if and (not .Values.persistence.enabled) (not $secrets.database.name) }}
{{- fail "Without persistence the embedded database goes with the pod: name secrets.database, or keep persistence." }}
{{- end }}
{{- end }}
