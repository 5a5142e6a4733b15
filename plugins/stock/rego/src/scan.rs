//! The names in the text of a module that was parsed, outside of comments and texts. The engine keeps
//! what it parsed to itself.

/// A name, such as `deny` or `data.lib.holds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name<'t> {
    pub(crate) path: &'t str,
    pub(crate) role: Role,
    /// Where it begins, in bytes.
    pub(crate) at: usize,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The rule or the function that begins here.
    Head,
    /// A function that is called.
    Call,
    /// What is imported, or another name for something.
    Alias,
    /// Anything else.
    Use,
}

/// Words that leave a statement open.
const OPEN: [&str; 9] = [
    "if", "contains", "in", "not", "some", "every", "else", "with", "as",
];

/// The names of a module, in their order.
pub(crate) fn names(text: &str) -> Vec<Name<'_>> {
    let mut names = Vec::new();
    let mut at = 0;
    // Brackets that are open, what came last, and whether nothing came on this line.
    let (mut depth, mut last, mut is_first) = (0_usize, "", true);
    while let Some(rest) = text.get(at..)
        && let Some(char) = rest.chars().next()
    {
        let (token, after) = rest
            .split_at_checked(length(rest, char))
            .unwrap_or((rest, ""));
        let place = at;
        at += token.len();
        match char {
            '\n' => is_first = true,
            _ if char.is_whitespace() || char == '#' => {}
            _ => {
                match char {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ if begins_name(char) && last != "." => {
                        let begins = depth == 0 && is_first && ends_statement(last);
                        names.extend(role(token, after, last, begins).map(|role| Name {
                            path: token,
                            role,
                            at: place,
                        }));
                    }
                    _ => {}
                }
                is_first = false;
                last = token;
            }
        }
    }
    names
}

/// What a name stands for, by what is around it; none for a word of the language.
fn role(token: &str, after: &str, last: &str, begins_rule: bool) -> Option<Role> {
    match last {
        "package" => None,
        "import" | "as" => Some(Role::Alias),
        _ if is_keyword(token) => None,
        "default" => Some(Role::Head),
        _ if begins_rule => Some(Role::Head),
        _ if after.starts_with('(') => Some(Role::Call),
        _ => Some(Role::Use),
    }
}

/// How long what begins here is, in bytes: a comment, a text, a name with its members, or one
/// character.
fn length(rest: &str, first: char) -> usize {
    match first {
        '#' => rest.find('\n').unwrap_or(rest.len()),
        '"' => {
            let mut is_escaped = false;
            let end = rest.char_indices().skip(1).find(|(_, char)| {
                let ends = *char == '"' && !is_escaped;
                is_escaped = *char == '\\' && !is_escaped;
                ends
            });
            end.map_or(rest.len(), |(end, _)| end + 1)
        }
        '`' => rest
            .char_indices()
            .skip(1)
            .find(|(_, char)| *char == '`')
            .map_or(rest.len(), |(end, _)| end + 1),
        _ if begins_name(first) => {
            let mut end = word(rest);
            while let Some(member) = rest.get(end..).and_then(|rest| rest.strip_prefix('.'))
                && member.starts_with(begins_name)
            {
                end += 1 + word(member);
            }
            end
        }
        _ => first.len_utf8(),
    }
}

fn word(text: &str) -> usize {
    text.find(|char| !(begins_name(char) || char.is_ascii_digit()))
        .unwrap_or(text.len())
}

fn begins_name(char: char) -> bool {
    char.is_ascii_alphabetic() || char == '_'
}

fn is_keyword(token: &str) -> bool {
    OPEN.contains(&token)
        || matches!(
            token,
            "package" | "import" | "default" | "true" | "false" | "null"
        )
}

/// Whether a rule may begin after a token: it ends what was there.
fn ends_statement(token: &str) -> bool {
    let Some(last) = token.chars().last() else {
        return true;
    };
    let is_operand = begins_name(last) || last.is_ascii_digit() || "\"`)]}".contains(last);
    is_operand && !OPEN.contains(&token)
}

#[cfg(test)]
mod tests {
    use super::{Role, names};

    #[test]
    fn names_have_their_roles_and_places() {
        let text = "package admit # not.this(\n\
                    import data.lib as l\n\
                    default approve := false\n\
                    approve if\n\
                    \tcount(deny) == 0\n\
                    deny contains \"no.this(\\\"\" if {\n\
                    \tsome id in `\nraw.text(\n`; l.holds(input.x[\"y\"].z, id)\n\
                    }\n\
                    helper(x) := x +\n\
                    1\n\
                    f(true) := 1\n\
                    else := 2 if é(3)\n";
        let found: Vec<_> = names(text)
            .into_iter()
            .map(|name| {
                assert!(text[name.at..].starts_with(name.path));
                (name.path, name.role)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("data.lib", Role::Alias),
                ("l", Role::Alias),
                ("approve", Role::Head),
                ("approve", Role::Head),
                ("count", Role::Call),
                ("deny", Role::Use),
                ("deny", Role::Head),
                ("id", Role::Use),
                ("l.holds", Role::Call),
                ("input.x", Role::Use),
                ("id", Role::Use),
                ("helper", Role::Head),
                ("x", Role::Use),
                ("x", Role::Use),
                ("f", Role::Head),
            ]
        );
    }
}
