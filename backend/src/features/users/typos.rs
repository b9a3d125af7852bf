//! Words that differ by a typo. Two words that are a few letters apart become the same when each loses a few: so
//! what is left of the words of all names without some letters is kept, and what is searched for loses some too
//! (Garbe's SymSpell). Whatever is found that way is compared letter by letter.

use std::collections::BTreeSet;

/// Words shorter than this are not kept: too much would be like them.
const KEPT_MIN: usize = 3;
/// Words from this length on may have one typo.
const ONE_TYPO_MIN: usize = 4;
/// And from this one on two.
const TWO_TYPOS_MIN: usize = 8;
/// Longer words lose one letter only: those without two are too many.
const TWO_LOST_MAX: usize = 16;
/// Longer words are not kept.
const KEPT_MAX: usize = 40;

/// How many typos a word that is searched for may have: letters left out, added or changed, or two that have
/// changed places. Numbers have none.
pub fn allowance(word: &str) -> usize {
    let length = word.chars().count();
    match length {
        _ if !is_kept(word) => 0,
        ONE_TYPO_MIN..TWO_TYPOS_MIN => 1,
        TWO_TYPOS_MIN.. => 2,
        _ => 0,
    }
}

/// Whether a word of a name can be found in spite of typos.
pub fn is_kept(word: &str) -> bool {
    (KEPT_MIN..=KEPT_MAX).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}

/// A word, and what is left of it without as many letters as it may have typos; in order.
pub fn remainders(word: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::from([word.to_owned()]);
    let lost = match allowance(word) {
        2 if word.chars().count() > TWO_LOST_MAX => 1,
        lost => lost,
    };
    let mut newest = vec![word.to_owned()];
    for _ in 0..lost {
        newest = newest.iter().flat_map(|word| without_one(word)).collect();
        all.extend(newest.iter().cloned());
    }
    all
}

fn without_one(word: &str) -> Vec<String> {
    word.char_indices()
        .map(|(at, letter)| format!("{}{}", &word[..at], &word[at + letter.len_utf8()..]))
        .collect()
}

/// How many typos away a word is from one that is searched for; `None` when too many.
pub fn distance(wanted: &str, word: &str) -> Option<usize> {
    let distance = strsim::osa_distance(wanted, word);
    (distance <= allowance(wanted)).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ_by_typos_share_a_remainder() {
        for (wanted, word, typos) in [
            ("anna", "ana", 1),
            ("jhon", "john", 1),
            ("lena", "lina", 1),
            ("kovac", "kovaac", 1),
            ("margarte", "margarete", 1),
            ("magrarete", "margarete", 1),
            ("catherin", "katharin", 2),
            ("elisabht", "elisabeth", 2),
            ("wladimir", "vladimi", 2),
            ("geraldine", "gerladien", 2),
        ] {
            assert_eq!(distance(wanted, word), Some(typos), "{wanted} {word}");
            let shared = remainders(wanted).intersection(&remainders(word)).count();
            assert!(shared > 0, "{wanted} {word}");
        }
    }

    #[test]
    fn short_words_and_numbers_have_no_typos() {
        assert_eq!(
            (allowance("ann"), allowance("anna"), allowance("josefina")),
            (0, 1, 2)
        );
        assert_eq!(allowance("user2024"), 0);
        assert_eq!(distance("lena", "mona"), None);
        assert_eq!(remainders("abc").len(), 1);
        assert_eq!(remainders("abcd").len(), 5);
        assert_eq!(remainders("zoë").into_iter().collect::<Vec<_>>(), ["zoë"]);
        assert!(remainders(&"abcdefghij".repeat(4)).len() <= 41);
    }
}
