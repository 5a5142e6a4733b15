//! Verified credentials. Source: Graph's beta resource page of verifiedCredentialData; the members
//! from `credentialState` on are the service's own.

use super::{Json, Number, declare::graph_object};

graph_object! {
    /// A credential that the requestor presented.
    pub struct VerifiedCredentialData = "verifiedCredentialData" {
        /// Who issued it; the service also says `issuer`.
        authority: String as Text = "authority" | "issuer" Read,
        /// Its types.
        types: Vec<String> as Texts = "type",
        /// What it says, as it was given.
        claims: Json as Open = "claims",
        /// Whether it still holds.
        credential_state: CredentialState as One = "credentialState",
        /// Which domain the issuer proved.
        domain_validation: DomainValidation as One = "domainValidation",
        /// When it was issued.
        issuance_date: String as DateTime = "issuanceDate",
        /// Until when it holds.
        expiration_date: String as DateTime = "expirationDate",
        /// How well the presenter's face matched.
        face_check: FaceCheck as One = "faceCheck",
    }

    /// Whether a credential still holds.
    pub struct CredentialState = "credentialState" {
        /// `VALID`, or why not.
        revocation_status: String as Text = "revocationStatus",
    }

    /// Which domain an issuer proved.
    pub struct DomainValidation = "domainValidation" {
        /// The domain.
        url: String as Text = "url",
    }

    /// How well a face matched.
    pub struct FaceCheck = "faceCheck" {
        /// 0 to 100.
        match_confidence_score: Number as Numeric = "matchConfidenceScore",
        /// How good the photo was.
        source_photo_quality: String as Text = "sourcePhotoQuality",
    }
}
