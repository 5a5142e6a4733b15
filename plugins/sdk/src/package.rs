//! What is asked for: access package, catalog, assignment and schedule.

use crate::contract::{access_package, assignment, catalog, schedule};

macro_rules! view {
    ($(#[$about:meta])* $name:ident of $interface:ident {
        $($(#[$docs:meta])* $function:ident: $type:ty,)*
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub(crate) ());

        impl $name {
            $(
                $(#[$docs])*
                pub fn $function(&self) -> Option<$type> {
                    $interface::$function()
                }
            )*
        }
    };
}

view! {
    /// The access package that is asked for.
    AccessPackage of access_package {
        /// Id, a GUID.
        id: String,
        /// Name for people; may be absent or out of date, decide by the id.
        display_name: String,
        /// Description for people.
        description: String,
        /// Whether requestors can find the package in the portal.
        is_hidden: bool,
    }
}

view! {
    /// The catalog that the access package belongs to.
    Catalog of catalog {
        /// Id, a GUID.
        id: String,
        /// Name for people.
        display_name: String,
        /// Description for people.
        description: String,
        /// `userManaged`, `serviceDefault`, `serviceManaged`.
        catalog_type: String,
        /// `published` or `unpublished`.
        state: String,
        /// Privilege level, where the service sends it.
        privilege_level: String,
        /// Whether people from outside may request its packages.
        is_externally_visible: bool,
    }
}

view! {
    /// The assignment of the access package to the target.
    Assignment of assignment {
        /// Id, a GUID.
        id: String,
        /// `delivering`, `partiallyDelivered`, `delivered`, `expired`, `deliveryFailed`.
        state: String,
        /// Status, free text of the service.
        status: String,
        /// When the assignment ended, RFC 3339.
        expired_date_time: String,
        /// Id of the assignment policy that the request was made under, a GUID.
        policy_id: String,
        /// Name of the assignment policy.
        policy_display_name: String,
        /// When access begins, RFC 3339.
        start_date_time: String,
        /// `noExpiration`, `afterDateTime`, `afterDuration`, `notSpecified`.
        expiration_type: String,
        /// When access ends, RFC 3339.
        end_date_time: String,
        /// How long access lasts, an ISO 8601 duration.
        expiration_duration: String,
    }
}

view! {
    /// The period that the request itself asks for, where the payload carries one.
    Schedule of schedule {
        /// When access is to begin, RFC 3339.
        start_date_time: String,
        /// `noExpiration`, `afterDateTime`, `afterDuration`, `notSpecified`.
        expiration_type: String,
        /// When access is to end, RFC 3339.
        end_date_time: String,
        /// How long access is to last, an ISO 8601 duration.
        expiration_duration: String,
    }
}
