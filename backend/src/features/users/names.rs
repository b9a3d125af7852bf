//! How names are compared: without case, without diacritics, word by word.

use std::str::FromStr;

use hearth_shared::auth::{NewAccount, USERNAME_LENGTH};
use hearth_shared::ids::ParseIdError;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A username as it stands in an address: capital letters are lowered, what cannot be one names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Username {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let lower = text.to_ascii_lowercase();
        let fits = USERNAME_LENGTH.contains(&lower.len())
            && lower
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if fits { Ok(Self(lower)) } else { Err(ParseIdError) }
    }
}

/// What somebody who knows a person would try first as their password.
pub fn guesses(account: &NewAccount) -> Vec<String> {
    guesses_of(&account.username, &account.email, &account.display_name)
}

/// The same of somebody who has an account.
pub fn guesses_of(username: &str, email: &str, display_name: &str) -> Vec<String> {
    let local_part = email.split('@').next().unwrap_or_default().to_owned();
    let mut guesses = vec![username.to_owned(), email.to_owned(), local_part];
    guesses.extend(words(&format!("{display_name} {email}")));
    guesses.push(words(display_name).concat());
    guesses
}

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

/// Whether a text looks like a whole address. `@name` is a way to write a username.
pub fn is_address(text: &str) -> bool {
    matches!(text.split_once('@'), Some((local, host)) if !local.is_empty() && !host.is_empty())
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
