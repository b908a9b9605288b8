"""証明書 — a small certification authority for lines between the city and a counterpart.

Real lines (LGWAN and the like) have an authority of their own; the embedded city makes one into its data folder. Each
party gets a certificate for its server and the city one for its callers; a server certificate cannot be used to call
and a caller's cannot be used to serve (extended key usage), and the authority signs no further authority.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kokunen.kernel.errors import InputError

from .files import write_atomic

_AUTHORITY_DAYS = 3650
_CERTIFICATE_DAYS = 825
_CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Credentials:
    """証明書一式 — paths of a certificate, its private key and the authority's certificate."""

    certificate: Path
    key: Path
    authority: Path


class Authority:
    """認証局 — its key stays in ``folder``; only certificates leave it."""

    def __init__(self, folder: Path) -> None:
        self._key_path = folder / "authority.key.pem"
        self.certificate_path = folder / "authority.pem"
        # The certificate is written last: a folder with it is complete, one without it is made anew.
        if not self.certificate_path.exists():
            self._create()
        key = load_pem_private_key(self._key_path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise InputError("認証局の鍵の種類が違います", field="authority", hint="認証局を作り直してください。")
        self._key = key
        self._certificate = x509.load_pem_x509_certificate(self.certificate_path.read_bytes())

    def issue_server(self, folder: Path, party: str) -> Credentials:
        """サーバ証明書 — for a party that serves a line on loopback."""
        names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return self._issue(folder, party, ExtendedKeyUsageOID.SERVER_AUTH, names)

    def issue_client(self, folder: Path, party: str, *, days: int = _CERTIFICATE_DAYS) -> Credentials:
        """クライアント証明書 — for a caller; ``party`` is the name by which the server knows it."""
        return self._issue(folder, party, ExtendedKeyUsageOID.CLIENT_AUTH, [x509.DNSName(party)], days)

    def _issue(
        self,
        folder: Path,
        party: str,
        usage: x509.ObjectIdentifier,
        names: list[x509.GeneralName],
        days: int = _CERTIFICATE_DAYS,
    ) -> Credentials:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _builder(_name(party), self._certificate.subject, key.public_key(), days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        certificate = builder.sign(self._key, hashes.SHA256())
        found = Credentials(folder / f"{party}.pem", folder / f"{party}.key.pem", folder / "authority.pem")
        write_atomic(found.key, _private(key))
        write_atomic(found.authority, self._certificate.public_bytes(Encoding.PEM), mode=0o644)
        write_atomic(found.certificate, certificate.public_bytes(Encoding.PEM), mode=0o644)
        return found

    def _create(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("kokunen demo authority")
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = (
            _builder(name, name, key.public_key(), _AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        write_atomic(self._key_path, _private(key))
        certificate = builder.sign(key, hashes.SHA256())
        write_atomic(self.certificate_path, certificate.public_bytes(Encoding.PEM), mode=0o644)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, now + timedelta(days=days)) - _CLOCK_SLACK)
        .not_valid_after(now + timedelta(days=days))
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
