//! Decimal numbers without the formatting machinery, which is as large as a policy.

/// Appends a number.
pub(crate) fn push(text: &mut String, number: u32) {
    let mut rest = number;
    let mut divisor = 1;
    while rest / divisor >= 10 {
        divisor *= 10;
    }
    while divisor > 0 {
        // One digit, so the cast keeps it.
        text.push((b'0' + (rest / divisor) as u8) as char);
        rest %= divisor;
        divisor /= 10;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_written_in_full() {
        for number in [0, 7, 10, 99, 100, 1_000_001, u32::MAX] {
            let mut text = String::from("/");
            super::push(&mut text, number);
            assert_eq!(text, format!("/{number}"));
        }
    }
}
