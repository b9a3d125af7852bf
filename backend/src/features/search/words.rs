//! What a word is: letters and digits, folded as names are, so that "Zoë" is found by "zoe" on both databases.

use std::collections::HashSet;

use crate::features::users::names::fold;

/// Characters of a word at most; what is longer is known by its beginning.
const WORD_MAX: usize = 40;

/// The words of a text, each once, in their order.
pub fn words(text: &str) -> Vec<String> {
    let mut known = HashSet::new();
    let mut words = Vec::new();
    let mut add = |word: &str| {
        let word: String = word.chars().take(WORD_MAX).collect();
        if !word.is_empty() && known.insert(word.clone()) {
            words.push(word);
        }
    };
    for run in fold(text).split(|c: char| !c.is_alphanumeric()) {
        // Where nobody writes spaces between words each sign is one.
        let mut rest = run;
        while let Some((at, sign)) = rest.char_indices().find(|(_, c)| stands_alone(*c)) {
            let end = at + sign.len_utf8();
            add(&rest[..at]);
            add(&rest[at..end]);
            rest = &rest[end..];
        }
        add(rest);
    }
    words
}

/// Whether there is more to go by than single letters.
pub fn are_telling(text: &str) -> bool {
    words(text)
        .iter()
        .any(|word| word.chars().count() > 1 || word.chars().any(stands_alone))
}

/// Signs of Chinese and Japanese.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_folded_and_split() {
        assert_eq!(
            words("Zoë's LAKE, the lake! #Über_see @ada_l https://x.org/a?b"),
            [
                "zoe", "s", "lake", "the", "uber", "see", "ada", "l", "https", "x", "org", "a", "b"
            ]
        );
        assert_eq!(
            words("\"NEAR(a b)\" -c* 'd' \\ & | :*"),
            ["near", "a", "b", "c", "d"]
        );
        assert!(words(" …!? 🎉 ").is_empty());
    }

    #[test]
    fn signs_without_spaces_are_words() {
        assert_eq!(words("我喜欢Rust湖"), ["我", "喜", "欢", "rust", "湖"]);
        assert_eq!(words("안녕 안").len(), 2);
    }

    #[test]
    fn a_letter_tells_little() {
        assert!(are_telling("湖") && are_telling("ab") && are_telling("a bc"));
        assert!(!are_telling("a") && !are_telling(" a b!") && !are_telling("🎉"));
    }

    #[test]
    fn long_words_are_known_by_their_beginning() {
        assert_eq!(words(&"é".repeat(100)), ["e".repeat(WORD_MAX)]);
    }
}
