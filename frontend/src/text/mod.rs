//! Every sentence that a person reads or hears, one file per feature, so that the tone can be judged in one
//! place: plain, warm, second person, sentence case, no exclamation marks, no blame. What happened, what is
//! safe, what to do. Names over counts. Buttons are verbs.

pub(crate) mod activity;
pub(crate) mod auth;
pub(crate) mod chats;
pub(crate) mod cropping;
pub(crate) mod emoji;
pub(crate) mod errors;
pub(crate) mod friends;
pub(crate) mod groups;
pub(crate) mod media;
pub(crate) mod posts;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod shell;
pub(crate) mod time;
pub(crate) mod users;

/// "1 friend", "2 friends".
pub(crate) fn count(number: u32, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

/// How one speaks to somebody: the first word of their name.
pub(crate) fn first_name(display_name: &str) -> &str {
    display_name.split_whitespace().next().unwrap_or(display_name)
}

/// "Lena, Tunde and 2 others": some people, and how many more there are.
pub(crate) fn some_of(names: &[&str], others: u32) -> String {
    let named: Vec<&str> = names.iter().map(|name| first_name(name)).collect();
    match (named.split_last(), others) {
        (None, _) => String::new(),
        (Some((one, [])), 0) => (*one).to_owned(),
        (Some((last, rest)), 0) => format!("{} and {last}", rest.join(", ")),
        _ => format!("{} and {}", named.join(", "), count(others, "other", "others")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(1, "friend", "friends"), "1 friend");
        assert_eq!(count(0, "friend", "friends"), "0 friends");
    }

    #[test]
    fn the_first_word_is_the_name_to_speak_to() {
        assert_eq!(first_name("Ada Okoye"), "Ada");
        assert_eq!(first_name("Ada"), "Ada");
    }
}
