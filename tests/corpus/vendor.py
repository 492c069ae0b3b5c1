"""Keys and tokens of vendors: the written form of each, from the vendors' documentation and from keys seen in use."""

from __future__ import annotations

import base64
from random import Random
from typing import Final

from tests.corpus.form import fill, uuid
from tests.corpus.piece import FREE, Fact, Piece, fact


# Told by their form. `kind: form form`; see `form.fill` for the fields, `{uuid}` is a UUID,
# `{snowflake}` an id and `{json}` an object in base64, `{space}` a space. What stands before a bar may stay.
_FORMS: Final = """
openai: sk-proj-{w74}T3BlbkFJ{w74} sk-{n20}T3BlbkFJ{n20} sk-svcacct-{w74}T3BlbkFJ{w74} sk-proj-{n48}
anthropic: sk-ant-api03-{w93}AA sk-ant-admin01-{w93}AA sk-ant-oat01-{w93}AA
aws: AKIA{t16} ASIA{t16}
bedrock: ABSKQmVkcm9ja0FQSUtleS{b90}
github: ghp_{n36} gho_{n36} ghu_{n36} ghs_{n36} ghr_{n36} github_pat_{n22}_{n59}
gitlab: glpat-{w20} gldt-{w20} glptt-{h40} glrt-{w20}
slack: xoxb-{d12}-{d13}-{n24} xoxp-{d12}-{d12}-{d13}-{h32} xapp-1-A{u10}-{d13}-{h64}
google: AIza{w35} GOCSPX-{w28} ya29.{w120}
stripe: sk_live_{n24} rk_live_{n24} sk_test_{n99} whsec_{n32}
sendgrid: SG.{w22}.{w43}
mailchimp: {h32}-us{12}
npm: npm_{n36}
pypi: pypi-AgEIcHlwaS5vcmc{w150}
docker: dckr_pat_{w27} dckr_oat_{w32}
huggingface: hf_{L34}
replicate: r8_{n37}
groq: gsk_{n52}
xai: xai-{n80}
perplexity: pplx-{n48}
openrouter: sk-or-v1-{h64}
nvidia: nvapi-{w64}
langsmith: lsv2_pt_{h32}_{h10} lsv2_sk_{h32}_{h10}
langfuse: sk-lf-{uuid}
databricks: dapi{h32} dapi{h32}-2
digitalocean: dop_v1_{h64} doo_v1_{h64}
heroku: HRKU-AA{w58}
linear: lin_api_{n40}
notion: secret_{n43} ntn_{d11}{n35}
airtable: pat{n14}.{h64}
atlassian: ATATT3xFfGF0{w172}={H8}
bitbucket: ATBB{n32}
cloudflare: v1.0-{h24}-{h146}
newrelic: NRAK-{u27}
grafana: glsa_{n32}_{h8} glc_{json}
sentry: sntryu_{h64} sntrys_{json}_{b43}
vault: hvs.{w95} hvb.{w140}
terraform: {n14}.atlasv1.{w67}
pulumi: pul-{h40}
doppler: dp.pt.{n43} dp.st.dev.{n43}
onepassword: ops_{json}
postman: PMAK-{h24}-{h34}
shopify: shpat_{h32} shpss_{h32} shpca_{h32}
square: sq0atp-{w22} sq0csp-{w43} EAAA{w60}
braintree: access_token$production${l16}${h32}
plaid: access-production-{uuid} access-sandbox-{uuid}
discord: {snowflake}.{w6}.{w38}
telegram: {d10}:AA{w33}
facebook: EAA{n160}
dropbox: sl.B{w134}
figma: figd_{w40}
mapbox: sk.{json}.{w22}
azure_ad: {n3}8Q~{w34}
supabase: sbp_{h40} sb_secret_{w31}
planetscale: pscale_tkn_{w43} pscale_pw_{w43}
neon: napi_{l64}
vercel: vercel_blob_rw_{n16}_{n30}
netlify: nfp_{n40}
flyio: fo1_{w43} FlyV1{space}fm2_{b120}
render: rnd_{n32}
sonarqube: squ_{h40} sqp_{h40}
artifactory: AKCp{n69}
rubygems: rubygems_{h48}
nuget: oy2{l43}
crates: cio{n32}
clojars: CLOJARS_{h60}
hubspot: pat-na1-{uuid} pat-eu1-{uuid}
brevo: xkeysib-{h64}-{n16}
resend: re_{n8}_{n24}
pinecone: pcsk_{n5}_{n63}
elevenlabs: sk_{h48}
tailscale: tskey-auth-k{n15}CNTRL-{n32} tskey-api-k{n15}CNTRL-{n32}
prefect: pnu_{n36}
buildkite: bkua_{h40}
circleci: CCIPAT_{n22}_{h40}
contentful: CFPAT-{w43}
dynatrace: dt0c01.{t24}.{t64}
launchdarkly: sdk-{uuid} api-{uuid}
sourcegraph: sgp_{h16}_{h40}
alibaba: LTAI5t{n18}
tencent: AKID{n32}
yandex: AQVN{w38} y0_AgAAAA{w50}
easypost: EZAK{n54}
shippo: shippo_live_{h40}
duffel: duffel_live_{w43}
flutterwave: FLWSECK-{h32}-X
razorpay: rzp_live_{n14}
age: AGE-SECRET-KEY-1{q58}
typeform: tfp_{w44}_{w14}
readme: rdme_xn8s9h{l64}
infracost: ico-{n32}
openshift: sha256~{w43}
voyage: pa-{w43}
tavily: tvly-dev-{n32}
firecrawl: fc-{h32}
cerebras: csk-{l48}
helicone: sk-helicone-{l7}-{l7}-{l7}-{l7}
e2b: e2b_{h40}
scalingo: tk-us-{w48}
jfrog: cmVmdGtuOj{n54}
lob: live_{h35}
mandrill: md-{w22}
mailgun: key-{h32}
twilio: SK{h32}
slack_hook: https://hooks.slack.com/services/T{u9}/B{u10}/|{n24}
discord_hook: https://discord.com/api/webhooks/{d18}/|{w68}
teams_hook: https://contoso.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/|{h32}/{uuid}
zapier_hook: https://hooks.zapier.com/hooks/catch/{d7}/|{l7}
"""

# Told only by the vendor's name beside them. `kind|names|variable: form`.
_NAMED: Final = """
aws_secret|AWS secret access key,aws secret key|AWS_SECRET_ACCESS_KEY: {b40}
azure_openai|Azure OpenAI key,Azure OpenAI API key|AZURE_OPENAI_API_KEY: {h32}
cohere|Cohere API key,Cohere key|COHERE_API_KEY: {n40}
mistral|Mistral API key,Mistral key|MISTRAL_API_KEY: {n32}
together|Together API key,TogetherAI key|TOGETHER_API_KEY: {h64}
datadog|Datadog API key,DD API key|DD_API_KEY: {h32}
cloudflare_token|Cloudflare API token,Cloudflare token|CLOUDFLARE_API_TOKEN: {w40}
okta|Okta API token,Okta token|OKTA_API_TOKEN: 00{w40}
algolia|Algolia admin key,Algolia API key|ALGOLIA_ADMIN_API_KEY: {h32}
twilio_token|Twilio auth token,Twilio token|TWILIO_AUTH_TOKEN: {h32}
wandb|W&B API key,WANDB API key|WANDB_API_KEY: {h40}
deepgram|Deepgram API key,Deepgram key|DEEPGRAM_API_KEY: {h40}
assemblyai|AssemblyAI API key,AssemblyAI key|ASSEMBLYAI_API_KEY: {h32}
snyk|Snyk token,Snyk API token|SNYK_TOKEN: {uuid}
heroku_key|Heroku API key,Heroku key|HEROKU_API_KEY: {uuid}
auth0|Auth0 client secret,client secret|AUTH0_CLIENT_SECRET: {w64}
pagerduty|PagerDuty API key,PagerDuty token|PAGERDUTY_API_KEY: u+{w18}
elastic|Elastic API key,Elasticsearch API key|ELASTIC_API_KEY: {b58}==
zendesk|Zendesk API token,Zendesk token|ZENDESK_API_TOKEN: {n40}
codecov|Codecov token,Codecov upload token|CODECOV_TOKEN: {uuid}
fastly|Fastly API token,Fastly key|FASTLY_API_TOKEN: {w32}
asana|Asana access token,Asana token|ASANA_ACCESS_TOKEN: 1/{d16}:{h32}
"""


def _tables() -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, tuple[str, ...], str, str], ...]]:
    forms = [(kind, form) for kind, _, rest in (line.partition(": ") for line in _FORMS.strip().splitlines())
             for form in rest.split()]  # fmt: skip
    named = []
    for line in _NAMED.strip().splitlines():
        head, _, form = line.partition(": ")
        kind, names, variable = head.split("|")
        named.append((kind, tuple(names.split(",")), variable, form))
    return tuple(forms), tuple(named)


FORMS, NAMED = _tables()
KINDS: Final = tuple(dict.fromkeys([*(kind for kind, _ in FORMS), *(row[0] for row in NAMED)]))
_WORDS: Final = ("API key", "api key", "token", "key", "access token", "secret")
_TITLES: Final = {
    "openai": "OpenAI",
    "github": "GitHub",
    "gitlab": "GitLab",
    "aws": "AWS",
    "npm": "npm",
    "pypi": "PyPI",
}


def _base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _filled(chance: Random, form: str) -> str:
    while "{uuid}" in form:
        form = form.replace("{uuid}", uuid(chance), 1)
    form = form.replace("{space}", " ")
    if "{snowflake}" in form:
        form = form.replace("{snowflake}", _base64(str(chance.randint(10**17, 12 * 10**17))))
    if "{json}" in form:
        form = form.replace(
            "{json}", _base64(fill(chance, '{"iat":17{d8},"url":"https://acme.io","key":"{n44}","org":"acme"}'))
        )
    return fill(chance, form)


def vendor_key(chance: Random) -> Fact:
    """A key that its form gives away; the words beside it may or may not name the vendor."""
    kind, form = chance.choice(FORMS)
    title = _TITLES.get(kind, kind.replace("_", " ").capitalize())
    word = chance.choice(_WORDS)
    keys = (f"{kind.upper()}_API_KEY", f"{kind}_token", "api_key", "token", "apiKey", "credential")
    before, bar, value = _filled(chance, form).rpartition("|")
    pieces = (Piece(before, FREE, "url"), Piece(value, "secret", kind)) if bar else (Piece(value, "secret", kind),)
    return Fact(pieces, (f"{title} {word}", word, title), keys)


def named_key(chance: Random) -> Fact:
    """A key that only the vendor's name tells from a hash or an id."""
    kind, names, variable, form = chance.choice(NAMED)
    return fact(_filled(chance, form), "secret", kind, names, (variable, variable, variable.lower()), bare=False)
