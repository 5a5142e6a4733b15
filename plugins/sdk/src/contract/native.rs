//! The contract outside a component: the same functions, answered by the fixture of the running
//! test.

use crate::testing::run;

/// Ends the call as a fault.
pub(crate) fn fault(detail: impl FnOnce() -> String) -> ! {
    run::fault(detail())
}

/// One function that reads a fixed place.
macro_rules! getter {
    (text $interface:literal $function:ident) => {
        pub(crate) fn $function() -> String {
            run::text($interface, stringify!($function))
        }
    };
    (present $interface:literal $function:ident) => {
        pub(crate) fn $function() -> bool {
            run::present($interface, stringify!($function))
        }
    };
    (optional_text $interface:literal $function:ident) => {
        pub(crate) fn $function() -> Option<String> {
            run::optional_text($interface, stringify!($function))
        }
    };
    (optional_flag $interface:literal $function:ident) => {
        pub(crate) fn $function() -> Option<bool> {
            run::optional_flag($interface, stringify!($function))
        }
    };
    (count $interface:literal $function:ident) => {
        pub(crate) fn $function() -> u32 {
            run::count($interface, stringify!($function))
        }
    };
    (row_text $interface:literal $function:ident) => {
        pub(crate) fn $function(index: u32) -> Option<String> {
            run::row_text($interface, stringify!($function), index)
        }
    };
    (row_flag $interface:literal $function:ident) => {
        pub(crate) fn $function(index: u32) -> Option<bool> {
            run::row_flag($interface, stringify!($function), index)
        }
    };
}

macro_rules! getters {
    ($($kind:ident $interface:literal: $($function:ident)*;)*) => {
        $($(getter!($kind $interface $function);)*)*

        /// Interface and function of each getter here.
        #[cfg(test)]
        pub(super) const GETTERS: &[(&str, &str)] = &[$($(($interface, stringify!($function)),)*)*];
    };
}

pub(crate) mod callout {
    use super::run;

    getters! {
        text "callout": stage request_id instance_id;
        optional_text "callout": request_type state status timeout_duration;
    }

    pub(crate) fn field(pointer: &str) -> Option<String> {
        run::field(pointer)
    }

    pub(crate) fn document() -> String {
        run::document()
    }
}

macro_rules! subject {
    ($module:ident, $interface:literal) => {
        pub(crate) mod $module {
            use super::run;

            getters! {
                present $interface: is_present;
                optional_text $interface:
                    object_id id display_name email principal_name on_premises_security_identifier
                    subject_type subject_lifecycle connected_organization_id
                    connected_organization_display_name connected_organization_state;
            }
        }
    };
}

subject!(requestor, "requestor");
subject!(target, "target");

pub(crate) mod access_package {
    use super::run;

    getters! {
        optional_text "access-package": id display_name description;
        optional_flag "access-package": is_hidden;
    }
}

pub(crate) mod catalog {
    use super::run;

    getters! {
        optional_text "catalog": id display_name description catalog_type state privilege_level;
        optional_flag "catalog": is_externally_visible;
    }
}

pub(crate) mod assignment {
    use super::run;

    getters! {
        optional_text "assignment":
            id state status expired_date_time policy_id policy_display_name start_date_time
            expiration_type end_date_time expiration_duration;
    }
}

pub(crate) mod schedule {
    use super::run;

    getters! {
        optional_text "schedule": start_date_time expiration_type end_date_time expiration_duration;
    }
}

pub(crate) mod answers {
    use super::run;

    getters! {
        count "answers": count;
        row_text "answers": value display_value question_id question_text;
        row_flag "answers": question_is_required;
    }
}

pub(crate) mod verified_credentials {
    use super::run;

    getters! {
        count "verified-credentials": count;
        row_text "verified-credentials": authority issuance_date expiration_date revocation_status;
    }

    pub(crate) fn has_type(index: u32, name: &str) -> bool {
        run::credential_has_type(index, name)
    }

    pub(crate) fn claim(index: u32, name: &str) -> Option<String> {
        run::credential_claim(index, name)
    }
}

pub(crate) mod evaluation {
    use super::run;

    pub(crate) fn now() -> i64 {
        run::now()
    }

    pub(crate) fn now_text() -> String {
        run::now_text()
    }

    pub(crate) fn timestamp(text: &str) -> Option<i64> {
        run::timestamp(text)
    }
}

pub(crate) mod settings {
    use super::run;

    pub(crate) fn text(pointer: &str) -> Option<String> {
        run::setting(|settings| settings.text(pointer).map(|text| text.map(str::to_owned)))
    }

    pub(crate) fn guid(pointer: &str) -> Option<String> {
        run::setting(|settings| settings.guid(pointer))
    }

    pub(crate) fn timestamp(pointer: &str) -> Option<i64> {
        run::setting(|settings| settings.timestamp(pointer))
    }

    pub(crate) fn flag(pointer: &str) -> Option<bool> {
        run::setting(|settings| settings.flag(pointer))
    }

    pub(crate) fn integer(pointer: &str) -> Option<i64> {
        run::setting(|settings| settings.integer(pointer))
    }

    pub(crate) fn number(pointer: &str) -> Option<f64> {
        run::setting(|settings| settings.number(pointer))
    }

    pub(crate) fn count(pointer: &str) -> Option<u32> {
        run::setting(|settings| settings.count(pointer))
    }

    pub(crate) fn length(pointer: &str) -> Option<u32> {
        run::setting(|settings| settings.length(pointer))
    }

    pub(crate) fn key(pointer: &str, index: u32) -> Option<String> {
        run::setting(|settings| {
            settings
                .key(pointer, index)
                .map(|key| key.map(str::to_owned))
        })
    }

    pub(crate) fn document() -> String {
        run::settings_document()
    }
}

pub(crate) mod facts {
    use super::run;

    pub(crate) fn lookup(collection: &str, key: &str) -> Option<String> {
        run::fact_document(collection, key)
    }

    pub(crate) fn text(collection: &str, key: &str, pointer: &str) -> Option<String> {
        run::fact(collection, key, |value| {
            value.text(pointer).map(|text| text.map(str::to_owned))
        })
    }

    pub(crate) fn guid(collection: &str, key: &str, pointer: &str) -> Option<String> {
        run::fact(collection, key, |value| value.guid(pointer))
    }

    pub(crate) fn timestamp(collection: &str, key: &str, pointer: &str) -> Option<i64> {
        run::fact(collection, key, |value| value.timestamp(pointer))
    }

    pub(crate) fn flag(collection: &str, key: &str, pointer: &str) -> Option<bool> {
        run::fact(collection, key, |value| value.flag(pointer))
    }

    pub(crate) fn integer(collection: &str, key: &str, pointer: &str) -> Option<i64> {
        run::fact(collection, key, |value| value.integer(pointer))
    }

    pub(crate) fn number(collection: &str, key: &str, pointer: &str) -> Option<f64> {
        run::fact(collection, key, |value| value.number(pointer))
    }

    pub(crate) fn count(collection: &str, key: &str, pointer: &str) -> Option<u32> {
        run::fact(collection, key, |value| value.count(pointer))
    }

    pub(crate) fn length(collection: &str, key: &str, pointer: &str) -> Option<u32> {
        run::fact(collection, key, |value| value.length(pointer))
    }
}

pub(crate) mod log {
    #[derive(Clone, Copy, Debug)]
    pub(crate) enum Level {
        Debug,
        Info,
        Warn,
        Error,
    }

    /// Test harnesses capture what goes to standard error and show it for a test that fails.
    #[expect(
        clippy::print_stderr,
        reason = "the one place where lines of a policy under test are shown"
    )]
    pub(crate) fn write(level: Level, message: &str) {
        eprintln!("{level:?}: {message}");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_getter_of_the_contract_is_here() {
        let here: BTreeSet<_> = [
            super::callout::GETTERS,
            super::requestor::GETTERS,
            super::target::GETTERS,
            super::access_package::GETTERS,
            super::catalog::GETTERS,
            super::assignment::GETTERS,
            super::schedule::GETTERS,
            super::answers::GETTERS,
            super::verified_credentials::GETTERS,
        ]
        .concat()
        .into_iter()
        .map(|(interface, function)| (interface, function.replace('_', "-")))
        .collect();
        let contract: BTreeSet<_> = admit_wit::GETTERS
            .iter()
            .copied()
            .flatten()
            .map(|getter| (getter.interface, getter.function.to_owned()))
            .collect();
        assert_eq!(here, contract);
    }
}
