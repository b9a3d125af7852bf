//! How names are compared: without case, without diacritics, word by word.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words kept for one person, and used of one search, at most.
const WORDS_MAX: usize = 12;

/// The form that is compared and sorted by: "Ångström" is "angstrom".
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The form in which addresses are compared. Diacritics count: two addresses that differ in one are two.
pub fn fold_email(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// The words of a text, in folded form, each once.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words: Vec<String> = Vec::new();
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if words.len() < WORDS_MAX && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_split() {
        assert_eq!(words("Zoë O'Brien-Müller"), ["zoe", "o", "brien", "muller"]);
        assert_eq!(words("ada_l ADA"), ["ada", "l"]);
        assert_eq!(words("李小龍"), ["李小龍"]);
        assert!(words("…!").is_empty());
    }
}
