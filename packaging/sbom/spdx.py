"""The SPDX 2.3 document of a release: its files, and what is linked into its executable."""

import hashlib
import json
import re
import uuid
from datetime import datetime, timezone
from urllib.parse import quote

from components import NOASSERTION

DOCUMENT, PROJECT = "SPDXRef-DOCUMENT", "SPDXRef-Package-gpu-sessions"


def identifier(kind, name):
    return f"SPDXRef-{kind}-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def file(kind, path, types):
    """A file with its checksums; SPDX 2.3 demands the SHA1."""
    data = path.read_bytes()
    return {
        "SPDXID": identifier(kind, path.name),
        "fileName": f"./{path.name}",
        "fileTypes": types,
        "checksums": [{"algorithm": name, "checksumValue": hashlib.new(name, data).hexdigest()} for name in ("SHA1", "SHA256")],
        "licenseConcluded": NOASSERTION,
        "licenseInfoInFiles": [NOASSERTION],
        "copyrightText": NOASSERTION,
    }


def package(identity, name, version, licence, **more):
    return {
        "SPDXID": identity, "name": name, "versionInfo": version, "supplier": NOASSERTION,
        "downloadLocation": NOASSERTION, "filesAnalyzed": False, "licenseConcluded": NOASSERTION,
        "licenseDeclared": licence, "copyrightText": NOASSERTION,
    } | more


def purl(text):
    return {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": text}


def purls(origins, distribution):
    """One of each package of dpkg; else where the component is developed, where its tag is known."""
    owners = sorted({origin.owner for origin in origins if origin.owner})
    if owners:
        return [purl(f"pkg:deb/{distribution}/{owner.name.replace('+', '%2B')}@{quote(owner.version, safe='')}?arch={owner.architecture}") for owner in owners]
    source = re.match(r"https://github\.com/([^/]+/[^/]+)$", origins[0].component.homepage)
    known = source and origins[0].version != NOASSERTION
    return [purl(f"pkg:github/{source[1]}@{quote(origins[0].version, safe='')}")] if known else []


def component_package(origins, distribution):
    """Of the archives of one component."""
    component, versions = origins[0].component, {origin.version for origin in origins}
    if len(versions) > 1:
        raise ValueError(f"{component.name} is linked in several versions: {', '.join(sorted(versions))}")
    references = purls(origins, distribution)
    more = {"homepage": component.homepage, "primaryPackagePurpose": "LIBRARY"} | ({"externalRefs": references} if references else {})
    return package(identifier("Component", component.name), component.name, versions.pop(), component.licence, **more)


def linked_parts(linked, executable, distribution):
    """Packages of the components, files of the archives, and how they hang together. `linked` is Origin by path."""
    by_component = {}
    for origin in linked.values():
        by_component.setdefault(origin.component.name, []).append(origin)
    packages = [component_package(origins, distribution) for _, origins in sorted(by_component.items())]
    note = {"comment": "Linked into the executable; not published by itself."}
    files = {path: file("Linked", path, ["ARCHIVE" if path.suffix == ".a" else "BINARY"]) | note for path in sorted(linked)}
    relations = [(PROJECT, "DEPENDS_ON", each["SPDXID"]) for each in packages]
    for path, entry in files.items():
        relations.append((executable, "STATIC_LINK", entry["SPDXID"]))
        relations.append((entry["SPDXID"], "GENERATED_FROM", identifier("Component", linked[path].component.name)))
    return packages, list(files.values()), relations


def document(release, artefacts, linked, builder):
    """`artefacts` are paths by kind, of which `executable` is one; the document is named by all that it says."""
    files = {kind: file("Artefact", path, ["BINARY" if kind == "executable" else "TEXT" if kind == "spec" else "ARCHIVE"]) for kind, path in artefacts.items()}
    executable = files["executable"]["SPDXID"]
    packages, archives, relations = linked_parts(linked, executable, builder["distribution"])
    project = package(
        PROJECT, "gpu-sessions", release["version"], "Apache-2.0", sourceInfo=f"git commit: {release['revision']}",
        primaryPackagePurpose="APPLICATION", externalRefs=[purl(f"pkg:generic/gpu-sessions@{release['version']}")])
    relations += [(DOCUMENT, "DESCRIBES", PROJECT)] + [(entry["SPDXID"], "GENERATED_FROM", PROJECT) for entry in files.values()]
    relations += [(files[kind]["SPDXID"], "CONTAINS", executable) for kind in ("deb", "tarball")]
    body = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": DOCUMENT,
        "name": f"gpu-sessions-{release['version']}-{release['machine']}",
        "creationInfo": {
            "created": datetime.fromtimestamp(release["epoch"], timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: gpu-sessions packaging/sbom"],
            "comment": builder["comment"],
        },
        "packages": [project, *packages],
        "files": [*files.values(), *archives],
        "relationships": [dict(zip(("spdxElementId", "relationshipType", "relatedSpdxElement"), each)) for each in sorted(relations)],
    }
    identities = [each["SPDXID"] for each in body["packages"] + body["files"]]
    if len(set(identities)) < len(identities):
        raise ValueError(f"two of one name among {', '.join(sorted(identities))}")
    name = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(body, sort_keys=True))
    return body | {"documentNamespace": f"urn:uuid:{name}"}
