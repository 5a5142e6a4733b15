//! Verified credentials that the requestor presented (beta payloads).

use crate::contract::verified_credentials;

/// The verified credentials of the callout, in payload order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedCredentials(pub(crate) ());

/// One verified credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedCredential(u32);

impl VerifiedCredentials {
    /// How many there are.
    pub fn len(&self) -> u32 {
        verified_credentials::count()
    }

    /// Whether none was presented.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The credential at a place, from 0; none past the end.
    pub fn get(&self, index: u32) -> Option<VerifiedCredential> {
        (index < self.len()).then_some(VerifiedCredential(index))
    }

    /// Every credential, in payload order.
    pub fn iter(&self) -> impl Iterator<Item = VerifiedCredential> + use<> {
        (0..self.len()).map(VerifiedCredential)
    }
}

impl VerifiedCredential {
    /// Who issued it, a decentralized identifier such as `did:web:example.com`.
    pub fn authority(&self) -> Option<String> {
        verified_credentials::authority(self.0)
    }

    /// Whether the credential lists this type, compared exactly.
    pub fn has_type(&self, name: &str) -> bool {
        verified_credentials::has_type(self.0, name)
    }

    /// One claim by its exact name: a string's text, otherwise JSON text.
    pub fn claim(&self, name: &str) -> Option<String> {
        verified_credentials::claim(self.0, name)
    }

    /// When it was issued, RFC 3339.
    pub fn issuance_date(&self) -> Option<String> {
        verified_credentials::issuance_date(self.0)
    }

    /// When it ends, RFC 3339.
    pub fn expiration_date(&self) -> Option<String> {
        verified_credentials::expiration_date(self.0)
    }

    /// Revocation status as the service saw it, such as `VALID`.
    pub fn revocation_status(&self) -> Option<String> {
        verified_credentials::revocation_status(self.0)
    }
}
