//! Graph's enumerations, typed. Microsoft adds members, so each has a case for those that this
//! version does not know: treat it as a reason to deny or abstain, never to approve.

macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($(#[$docs:meta])* $case:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$docs])* $case,)*
            /// A member that this version of the crate does not know, by Graph's name.
            Other(String),
        }

        impl $name {
            /// Graph's name, in camelCase.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$case => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$case,)*
                    _ => Self::Other(text),
                }
            }
        }
    };
}

names! {
    /// The stage that calls out.
    Stage {
        /// The request was submitted.
        AssignmentRequestCreated = "assignmentRequestCreated",
        /// The request was approved.
        AssignmentRequestApproved = "assignmentRequestApproved",
        /// The service asks which approval the request needs.
        AssignmentRequestDeterminingApprovalRequirements =
            "assignmentRequestDeterminingApprovalRequirements",
        /// Access was granted.
        AssignmentRequestGranted = "assignmentRequestGranted",
        /// Access was removed.
        AssignmentRequestRemoved = "assignmentRequestRemoved",
        /// Access ends in fourteen days.
        AssignmentFourteenDaysBeforeExpiration = "assignmentFourteenDaysBeforeExpiration",
        /// Access ends in one day.
        AssignmentOneDayBeforeExpiration = "assignmentOneDayBeforeExpiration",
    }
}

names! {
    /// What kind of request this is.
    RequestType {
        /// Not said.
        NotSpecified = "notSpecified",
        /// A person asks for access.
        UserAdd = "userAdd",
        /// A person asks to change their access, such as its end.
        UserUpdate = "userUpdate",
        /// A person gives access up.
        UserRemove = "userRemove",
        /// An administrator assigns access.
        AdminAdd = "adminAdd",
        /// An administrator changes an assignment.
        AdminUpdate = "adminUpdate",
        /// An administrator removes access.
        AdminRemove = "adminRemove",
        /// The service assigns access.
        SystemAdd = "systemAdd",
        /// The service changes an assignment.
        SystemUpdate = "systemUpdate",
        /// The service removes access.
        SystemRemove = "systemRemove",
        /// A person asks for someone else.
        OnBehalfAdd = "onBehalfAdd",
        /// An approver removes access.
        ApproverRemove = "approverRemove",
    }
}

impl RequestType {
    /// Whether the request is known to take access away. A rule that guards access need not stand
    /// in the way of that.
    pub const fn is_removal(&self) -> bool {
        matches!(
            self,
            Self::UserRemove | Self::AdminRemove | Self::SystemRemove | Self::ApproverRemove
        )
    }

    /// Whether the request is known to change an assignment that there is already.
    pub const fn is_update(&self) -> bool {
        matches!(
            self,
            Self::UserUpdate | Self::AdminUpdate | Self::SystemUpdate
        )
    }
}

names! {
    /// What a subject is.
    SubjectType {
        /// Not said.
        NotSpecified = "notSpecified",
        /// A person.
        User = "user",
        /// A service principal.
        ServicePrincipal = "servicePrincipal",
    }
}
