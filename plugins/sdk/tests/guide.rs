//! The policy and the test of the author's guide, `plugins/README.md`, as they stand there.

mod night_watch {
    include!("guide/policy.rs");

    mod tests {
        use super::NightWatch;

        include!("guide/test.rs");
    }
}

#[test]
fn the_guide_shows_this_code() {
    let guide = include_str!("../../README.md");
    for code in [
        include_str!("guide/policy.rs"),
        include_str!("guide/test.rs"),
    ] {
        assert!(guide.contains(&format!("```rust\n{code}```")), "{code}");
    }
}
