"""
A client of the synchronization service as others write them, in the standard library alone and with none of our code:
it calls Microsoft's own host names, signs in by device code for the old resource, writes binary XML whose records it
guesses from the texts, and looks for what it wants in the answers by prefixes. Reads its settings as JSON from stdin
and prints what it found as JSON.
"""

import base64
import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import struct
import sys
import time
import urllib.parse
import uuid
import xml.dom.minidom

settings = json.load(sys.stdin)
with open(settings["dictionary"], encoding="utf-8") as source:
    dictionary = re.search(r"`\\\n(.*?)`", source.read(), re.S).group(1).split("\n")
context = ssl.create_default_context(cafile=settings["ca"])
login = "login.microsoftonline.com"
graph = "graph.microsoft.com"
service = "adminwebservice.microsoftonline.com"
client_id = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
AWS = "http://schemas.microsoft.com/online/aws/change/2010/01"
N14 = "http://schemas.microsoft.com/online/aws/change/2014/06"
COEX = "http://schemas.datacontract.org/2004/07/Microsoft.Online.Coexistence.Schema"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"


class Connection(http.client.HTTPSConnection):
    """To the sandbox, under the name of the host it stands for: TLS checks that its certificate has that name."""

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", settings["port"]))
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def request(host, method, path, body=None, headers=None):
    connection = Connection(host, context=context)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, answer.headers.get("Content-Type"), data


def form(path, **fields):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return json.loads(request(login, "POST", path, urllib.parse.urlencode(fields), headers)[2])


# Binary XML, written. A node is (name, [(attribute, value)...], [children]); a child is a node or a value.


def multi_byte(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def string(text):
    data = text.encode("utf-8")
    return multi_byte(len(data)) + data


def value_record(value, ends):
    """As it looks, so it is written: that text was meant is the reader's to know."""
    end = 1 if ends else 0
    text = str(value)
    if isinstance(value, bool) or text in ("True", "False"):
        return bytes([(0x86 if text == "True" else 0x84) + end])
    if isinstance(value, int):
        return bytes([0x8C + end]) + struct.pack("<i", value)
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        return bytes([0xB0 + end]) + uuid.UUID(text).bytes_le
    if re.fullmatch(r"(?:[A-Za-z0-9+/]{4})+|(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2,3}={1,2}", text):
        try:
            data = base64.b64decode(text, validate=True)
            if base64.b64encode(data).decode() == text and len(data) < 0x10000:
                return bytes([0xA0 + end]) + struct.pack("<H", len(data)) + data
        except ValueError:
            pass
    data = text.encode("utf-16-le")
    if len(data) < 0x10000:
        return bytes([0xB8 + end]) + struct.pack("<H", len(data)) + data
    return bytes([0xBA + end]) + struct.pack("<i", len(data)) + data


def named(name, plain, lettered, prefixed):
    prefix, _, local = name.rpartition(":")
    if prefix == "":
        return bytes([plain]) + string(local)
    if len(prefix) == 1:
        return bytes([lettered + ord(prefix) - ord("a")]) + string(local)
    return bytes([prefixed]) + string(prefix) + string(local)


def write(node):
    name, attributes, children = node
    out = named(name, 0x40, 0x5E, 0x41)
    for attribute, value in attributes:
        if attribute == "xmlns":
            out += b"\x08" + string(value)
        elif attribute.startswith("xmlns:"):
            out += b"\x09" + string(attribute[6:]) + string(value)
        else:
            # An attribute's value is never base64 here.
            data = value.encode("utf-8")
            out += named(attribute, 0x04, 0x26, 0x05) + b"\x98" + bytes([len(data)]) + data
    for child in children[:-1]:
        out += write(child) if isinstance(child, tuple) else value_record(child, False)
    if children and not isinstance(children[-1], tuple):
        return out + value_record(children[-1], True)
    return out + (write(children[-1]) if children else b"") + b"\x01"


# Binary XML, read.


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            raise ValueError("the message is cut")
        self.at += count
        return piece

    def byte(self):
        return self.take(1)[0]

    def multi_byte(self):
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def string(self):
        return self.take(self.multi_byte()).decode("utf-8")

    def known(self):
        return dictionary[self.multi_byte() >> 1]

    def text(self, record):
        kind = record & 0xFE
        if kind in (0x80, 0x82):
            return "0" if kind == 0x80 else "1"
        if kind in (0x84, 0x86):
            return "false" if kind == 0x84 else "true"
        if kind in (0x88, 0x8A, 0x8C, 0x8E):
            form = {0x88: "<b", 0x8A: "<h", 0x8C: "<i", 0x8E: "<q"}[kind]
            return str(struct.unpack(form, self.take(struct.calcsize(form)))[0])
        lengths = {0x98: "<B", 0x9A: "<H", 0x9C: "<i", 0x9E: "<B", 0xA0: "<H", 0xA2: "<i", 0xB6: "<B", 0xB8: "<H", 0xBA: "<i"}
        if kind in lengths:
            form = lengths[kind]
            data = self.take(struct.unpack(form, self.take(struct.calcsize(form)))[0])
            if kind <= 0x9C:
                return data.decode("utf-8")
            return base64.b64encode(data).decode() if kind <= 0xA2 else data.decode("utf-16-le")
        if kind == 0xA8:
            return ""
        if kind == 0xAA:
            return self.known()
        if kind in (0xAC, 0xB0):
            return ("urn:uuid:" if kind == 0xAC else "") + str(uuid.UUID(bytes_le=self.take(16)))
        if kind == 0xB4:
            return "true" if self.byte() else "false"
        if kind == 0xBC:
            return chr(ord("a") + self.byte()) + ":" + self.known()
        raise ValueError(f"record {record:02x} is not known")

    def element_name(self, record):
        if record == 0x40:
            return self.string()
        if record == 0x41:
            return self.string() + ":" + self.string()
        if record == 0x42:
            return self.known()
        if record == 0x43:
            return self.string() + ":" + self.known()
        if 0x44 <= record <= 0x5D:
            return chr(ord("a") + record - 0x44) + ":" + self.known()
        if 0x5E <= record <= 0x77:
            return chr(ord("a") + record - 0x5E) + ":" + self.string()
        raise ValueError(f"{record:02x} begins no element")

    def attribute(self, record):
        if record in (0x08, 0x0A):
            return "xmlns", self.string() if record == 0x08 else self.known()
        if record in (0x09, 0x0B):
            return "xmlns:" + self.string(), self.string() if record == 0x09 else self.known()
        if record in (0x04, 0x06):
            name = self.string() if record == 0x04 else self.known()
        elif record in (0x05, 0x07):
            name = self.string() + ":" + (self.string() if record == 0x05 else self.known())
        elif record <= 0x25:
            name = chr(ord("a") + record - 0x0C) + ":" + self.known()
        else:
            name = chr(ord("a") + record - 0x26) + ":" + self.string()
        return name, self.text(self.byte())

    def element(self, record):
        name = self.element_name(record)
        out = "<" + name
        record = self.byte()
        while 0x04 <= record <= 0x3F:
            key, value = self.attribute(record)
            out += f' {key}="{escape(value)}"'
            record = self.byte()
        out += ">"
        while record != 0x01:
            if record < 0x80:
                out += self.element(record)
            else:
                out += escape(self.text(record))
                if record & 1:
                    break
            record = self.byte()
        return f"{out}</{name}>"


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def read(data):
    reader = Reader(data)
    return xml.dom.minidom.parseString(reader.element(reader.byte()))


# The service.


def call(operation, *content, attributes=()):
    message = str(uuid.uuid4())
    token = [
        ("ApplicationId", "1651564e-7ce4-4d99-88be-0a65050d8dc3"),
        ("BearerToken", tokens["access_token"]),
        ("ClientVersion", "8.0"),
        ("DirSyncBuildNumber", "2.4.21.0"),
        ("FIMBuildNumber", "2.4.21.0"),
        ("IsInstalledOnDC", "False"),
        ("IssueDateTime", "0001-01-01T00:00:00"),
        ("LanguageId", "en-US"),
        ("LiveToken", ""),
        ("ProtocolVersion", "2.0"),
        ("RichCoexistenceEnabled", "False"),
        ("TrackingId", message),
    ]
    url = f"https://{service}/provisioningservice.svc"
    envelope = (
        "s:Envelope",
        [("xmlns:s", SOAP), ("xmlns:a", WSA)],
        [
            (
                "s:Header",
                [],
                [
                    ("a:Action", [("s:mustUnderstand", "1")], [f"{AWS}/IProvisioningWebService/{operation}"]),
                    (
                        "SyncToken",
                        [("s:role", "urn:microsoft.online.administrativeservice"), ("xmlns", "urn:microsoft.online.administrativeservice"), ("xmlns:i", XSI)],
                        [(name, [("xmlns", AWS)], [value] if value else []) for name, value in token],
                    ),
                    ("a:MessageID", [], [f"urn:uuid:{message}"]),
                    ("a:ReplyTo", [], [("a:Address", [], [f"{WSA}/anonymous"])]),
                    ("a:To", [("s:mustUnderstand", "1")], [url]),
                ],
            ),
            ("s:Body", [], [(operation, [("xmlns", AWS), *attributes], list(content))]),
        ],
    )
    headers = {
        "Content-Type": "application/soap+msbin1",
        "User-Agent": "",
        "x-ms-aadmsods-clientversion": "8.0",
        "x-ms-aadmsods-dirsyncbuildnumber": "2.4.21.0",
        "x-ms-aadmsods-apiaction": operation,
        "client-request-id": message,
    }
    status, kind, data = request(service, "POST", "/provisioningservice.svc", write(envelope), headers)
    assert kind == "application/soap+msbin1", (status, kind, data[:200])
    return status, read(data)


def first(document, name):
    found = document.getElementsByTagName(name)
    return "".join(node.data for node in found[0].childNodes) if found else None


def flag(name, value):
    return (name, [], ["True" if value else "False"])


def entry(key, value):
    if value is None:
        shown = ("c:Value", [("i:nil", "true")], [])
    elif isinstance(value, list) and value and value[0] is add:
        changes = [
            ("SyncReferenceChange", [], [("Reference", [], [("Anchor", [], [one]), ("referenceTypeInt", [], [2])]), ("operationInt", [], [1])])
            for one in value[1:]
        ]
        shown = ("c:Value", [("i:type", "SyncReferenceChangeCollection"), ("xmlns", AWS)], [("referenceChanges", [], changes)])
    elif isinstance(value, list):
        kind = "base64Binary" if key.endswith("Certificate") else "string"
        shown = ("c:Value", [("i:type", f"c:ArrayOf{kind}")], [(f"c:{kind}", [], [one]) for one in value])
    else:
        kind = "boolean" if isinstance(value, bool) else "long" if isinstance(value, int) else "base64Binary" if key == "deviceId" else "string"
        shown = ("c:Value", [("i:type", f"d:{kind}"), ("xmlns:d", XSD)], [value])
    return ("c:KeyValueOfstringanyType", [], [("c:Key", [], [key]), shown])


add = object()


def provision(kind, properties, operation="Set", second=False):
    name = "ProvisionAzureADSyncObjects2" if second else "ProvisionAzureADSyncObjects"
    item = (
        "b:AzureADSyncObject",
        [],
        [
            ("b:PropertyValues", [("xmlns:c", ARRAYS)], [entry(key, value) for key, value in properties.items()]),
            ("b:SyncObjectType", [], [kind]),
            ("b:SyncOperation", [], [operation]),
        ],
    )
    _, answer = call(name, ("syncRequest", [("xmlns:b", N14), ("xmlns:i", XSI)], [("b:SyncObjects", [], [item])]))
    return {key: first(answer, f"b:{key}") for key in ("CloudAnchor", "ResultCode", "ResultErrorCode", "ResultErrorDescription", "SourceAnchor")}


def anchor(name):
    return base64.b64encode(name.ljust(16, ".").encode()).decode()


def sign_in():
    """By device code, as MSAL does it, for the old resource."""
    started = form("/common/oauth2/v2.0/devicecode", client_id=client_id, scope="https://graph.windows.net/.default openid profile offline_access")
    while True:
        answer = form(
            f"/{settings['tenant']}/oauth2/v2.0/token",
            grant_type="urn:ietf:params:oauth:grant-type:device_code",
            client_id=client_id,
            device_code=started["device_code"],
            client_info="1",
        )
        if answer.get("error") != "authorization_pending":
            return answer
        time.sleep(0.05)


found = {}
discovery = json.loads(request(login, "GET", f"/common/discovery/instance?api-version=1.1&authorization_endpoint=https://{login}/common/oauth2/authorize")[2])
found["discovery"] = discovery["tenant_discovery_endpoint"]
configuration = json.loads(request(login, "GET", f"/{settings['tenant']}/v2.0/.well-known/openid-configuration")[2])
found["tokenEndpoint"] = configuration["token_endpoint"]
tokens = sign_in()
found["signedIn"] = sorted(key for key in tokens if key in ("access_token", "refresh_token", "id_token", "client_info"))
found["user"] = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[1] + "=="))["preferred_username"]
to_graph = form(
    f"/{settings['tenant']}/oauth2/v2.0/token",
    grant_type="refresh_token",
    client_id=client_id,
    refresh_token=tokens["refresh_token"],
    scope=f"https://{graph}/.default",
)
bearer = {"Authorization": f"Bearer {to_graph['access_token']}", "Content-Type": "application/json"}
found["turnedOn"] = request(graph, "PATCH", f"/v1.0/organization/{settings['tenant']}", json.dumps({"OnPremisesSyncEnabled": True}), bearer)[0]

_, company = call("GetCompanyConfiguration", flag("includeLicenseInformation", False))
features = int(first(company, "DirSyncFeatures"))
call("SetCompanyDirsyncFeatures", ("dirsyncFeatures", [], [features | 1]))
_, company = call("GetCompanyConfiguration", flag("includeLicenseInformation", False))
found["features"] = [features, int(first(company, "DirSyncFeatures"))]
found["threshold"] = first(company, "ThresholdCount")

user = {
    "SourceAnchor": anchor("True"),
    "accountEnabled": True,
    "userPrincipalName": "other@corp.contoso.test",
    "displayName": "True",
    "department": "User",
    "jobTitle": "ignored",
    "title": "28eb3e09-2cfc-458a-ad2c-aa275bdc791a",
    "countryCode": 276,
    "givenName": None,
    "proxyAddresses": ["SMTP:other@corp.contoso.test"],
}
found["user created"] = provision("User", user)
found["user refused"] = provision("User", {"SourceAnchor": anchor("nobody"), "displayName": "nobody"})
found["contact"] = provision("Contact", {"SourceAnchor": anchor("contact"), "displayName": "Partner", "mail": "p@elsewhere.test"})
found["group"] = provision("Group", {"SourceAnchor": anchor("group"), "displayName": "Crew", "SecurityEnabled": True, "member": [anchor("True")]})
found["members"] = provision("Group", {"SourceAnchor": anchor("group"), "member": [add, anchor("contact")]}, second=True)
device = base64.b64encode(bytes(range(16))).decode()
found["device"] = provision(
    "Device",
    {
        "SourceAnchor": device,
        "deviceId": device,
        "displayName": "pc",
        "deviceTrustType": "ServerAd",
        "accountEnabled": True,
        "userCertificate": [base64.b64encode(b"a certificate").decode()],
        "registeredOwnerReference": anchor("True"),
    },
    operation="Add",
)

nt_hash = "8846F7EAEE8FB117AD06BDD830B7586C"
salt = os.urandom(10)
key = hashlib.pbkdf2_hmac("sha256", nt_hash.encode("utf-16-le"), salt, 1000, 32)
item = (
    "b:SyncCredentialsChangeItem",
    [],
    [
        ("b:ChangeDate", [], ["2026-11-25T08:00:00.0000000Z"]),
        ("b:CloudAnchor", [("i:nil", "true")], []),
        ("b:CredentialData", [], [f"v1;PPH1_MD4,{salt.hex()},1000,{key.hex()};"]),
        ("b:ForcePasswordChangeOnLogon", [], ["False"]),
        ("b:SourceAnchor", [], [anchor("True")]),
        ("b:WindowsLegacyCredentials", [("i:nil", "true")], []),
        ("b:WindowsSupplementalCredentials", [("i:nil", "true")], []),
    ],
)
_, credentials = call("ProvisionCredentials", ("request", [("xmlns:b", COEX), ("xmlns:i", XSI)], [("b:RequestItems", [], [item])]))
found["credentials"] = first(credentials, "b:Result")
signed = form("/organizations/oauth2/v2.0/token", grant_type="password", client_id=client_id, scope=f"https://{graph}/.default", username="other@corp.contoso.test", password="password")
found["userSignedIn"] = "access_token" in signed

objects = {}
cookie = None
while True:
    shown = ("inputCookie", [("i:nil", "true"), ("xmlns:i", XSI)], []) if cookie is None else ("inputCookie", [], [cookie])
    _, page = call("ReadBackAzureADSyncObjects2", flag("includeLicenseInformation", False), shown, flag("isFullSync", cookie is None))
    for one in page.getElementsByTagName("b:AzureADSyncObject"):
        values = {}
        for pair in one.getElementsByTagName("c:KeyValueOfstringanyType"):
            value = pair.getElementsByTagName("c:Value")[0]
            texts = ["".join(n.data for n in inner.childNodes) for inner in value.childNodes if inner.nodeType == inner.ELEMENT_NODE]
            values[first(pair, "c:Key")] = texts or "".join(n.data for n in value.childNodes)
        objects[f"{first(one, 'b:SyncObjectType')} {values.get('DisplayName')}"] = values
    cookie = first(page, "b:Cookie")
    if first(page, "b:MoreObjects") != "true":
        break
found["objects"] = objects
found["finalized"] = call("FinalizeExport", ("totalExported", [], [5]), ("successfulExportCount", [], [4]))[0]

status, fault = call("Nonsense")
found["fault"] = [status, first(fault, "s:Value"), first(fault, "ErrorDescription")]
listed = json.loads(request(graph, "GET", "/v1.0/users?$select=displayName,onPremisesSyncEnabled&$top=100", None, bearer)[2])
found["users"] = [one["displayName"] for one in listed["value"] if one["onPremisesSyncEnabled"]]
listed = json.loads(request(graph, "GET", "/v1.0/groups?$select=displayName&$top=100", None, bearer)[2])
found["groups"] = [one["displayName"] for one in listed["value"]]
found["deleted"] = provision("Contact", {"SourceAnchor": anchor("contact")}, operation="Delete")["ResultCode"]
json.dump(found, sys.stdout)
