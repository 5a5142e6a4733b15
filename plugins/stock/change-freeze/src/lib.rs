//! Calls requests off while a change freeze lasts.

use admit_policy::{Callout, Policy, Settings, Verdict, guid, policy};

/// The policy: when nothing may change.
pub struct ChangeFreeze {
    windows: Vec<Window>,
}

struct Window {
    name: String,
    /// Seconds since 1970, inclusive.
    from: i64,
    /// Seconds since 1970, exclusive.
    to: i64,
    /// The end as the settings write it, for people.
    end: String,
    /// Catalogs that it covers; none means all.
    catalogs: Option<Vec<String>>,
}

impl Policy for ChangeFreeze {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let windows = settings
            .items("/windows")
            .map(|window| Window::new(&window))
            .collect::<Result<_, _>>()?;
        Ok(Self { windows })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        let now = callout.now();
        let mut active = self
            .windows
            .iter()
            .filter(|window| window.from <= now && now < window.to)
            .peekable();
        if active.peek().is_none() {
            return Ok(Verdict::abstain("no-freeze", ""));
        }
        let catalog = callout.catalog().id().and_then(|id| guid(&id));
        Ok(
            match active.find(|window| window.covers(catalog.as_ref())) {
                Some(window) => Verdict::cancel(
                    "change-freeze",
                    [
                        "Change freeze \"",
                        &window.name,
                        "\" until ",
                        &window.end,
                        ". Please ask again afterwards.",
                    ]
                    .concat(),
                ),
                None => Verdict::abstain("no-freeze", ""),
            },
        )
    }
}

policy!(ChangeFreeze);

impl Window {
    fn new(window: &Settings) -> Result<Self, String> {
        let name = window
            .text("/name")
            .ok_or_else(|| window.error("", "a freeze needs a `name`"))?;
        let from = window
            .timestamp("/from")
            .ok_or_else(|| window.error("", "a freeze needs `from`"))?;
        let to = window
            .timestamp("/to")
            .ok_or_else(|| window.error("", "a freeze needs `to`"))?;
        if to <= from {
            return Err(window.error("/to", "not after `from`"));
        }
        let catalogs = match window.count("/catalogs") {
            None => None,
            // An empty list could be meant as none or as all.
            Some(0) => return Err(window.error("/catalogs", "empty; leave it out to cover all")),
            Some(_) => Some(window.guids("/catalogs")),
        };
        Ok(Self {
            name,
            from,
            to,
            end: window.text("/to").unwrap_or_default(),
            catalogs,
        })
    }

    /// Whether a freeze covers a catalog. Where the callout names none by a GUID, it might be any.
    fn covers(&self, catalog: Option<&String>) -> bool {
        match (&self.catalogs, catalog) {
            (Some(catalogs), Some(catalog)) => catalogs.contains(catalog),
            _ => true,
        }
    }
}
