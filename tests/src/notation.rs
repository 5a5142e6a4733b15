//! Bytes as text: how the corpus writes payloads that an editor would spoil or a reader not see.

/// The bytes that a text stands for.
///
/// - `%HH` is one byte, in hexadecimal digits.
/// - `%<N|TEXT%>` is TEXT N times; `%#` in it is the number of the turn, from 0.
/// - Everything else is itself.
///
/// # Panics
///
/// The notation is none of these.
pub fn bytes(text: &str) -> Vec<u8> {
    read(text).unwrap_or_else(|| panic!("`{text}` is not in the notation"))
}

fn read(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.extend_from_slice(before.as_bytes());
        rest = if let Some(repeat) = after.strip_prefix('<') {
            let (times, part) = repeat.split_once('|')?;
            let (part, after) = part.split_once("%>")?;
            for turn in 0..times.parse::<u32>().ok()? {
                out.extend(read(&part.replace("%#", &turn.to_string()))?);
            }
            after
        } else {
            let (byte, after) = after.split_at_checked(2)?;
            out.push(u8::from_str_radix(byte, 16).ok()?);
            after
        };
    }
    out.extend_from_slice(rest.as_bytes());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn bytes_and_repeats() {
        assert_eq!(bytes("a%00%Ffb"), b"a\x00\xffb");
        assert_eq!(bytes("[%<3|%#%2C%>]"), b"[0,1,2,]");
    }
}
