//! Cursors of keyset paging: the key of the last item, and the name of the list it belongs to.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth_shared::page::{Cursor, Page};
use hearth_shared::problem::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::platform::error::{AppError, AppResult};

/// Makes the cursor of a list.
pub fn write<K: Serialize>(list: &str, key: &K) -> AppResult<Cursor> {
    let json = serde_json::to_vec(&(list, key)).map_err(|error| AppError::Unexpected(error.into()))?;
    Ok(Cursor(URL_SAFE_NO_PAD.encode(json)))
}

/// Reads the cursor of a list.
///
/// # Errors
/// `invalid_cursor` when it is not one of this list.
pub fn read<K: DeserializeOwned>(list: &str, cursor: Option<&Cursor>) -> AppResult<Option<K>> {
    let Some(Cursor(text)) = cursor else {
        return Ok(None);
    };
    let bytes = if text.len() > 512 {
        None
    } else {
        URL_SAFE_NO_PAD.decode(text).ok()
    };
    let parsed = bytes.and_then(|bytes| serde_json::from_slice::<(String, K)>(&bytes).ok());
    match parsed {
        Some((name, key)) if name == list => Ok(Some(key)),
        _ => Err(ErrorCode::InvalidCursor.into()),
    }
}

/// Makes a page of rows that were asked for one more than wanted.
pub fn page<T, K: Serialize>(
    list: &str,
    mut rows: Vec<T>,
    size: u32,
    key: impl Fn(&T) -> K,
) -> AppResult<Page<T>> {
    let size = size as usize;
    let more = rows.len() > size;
    rows.truncate(size);
    let next_cursor = match rows.last() {
        Some(last) if more => Some(write(list, &key(last))?),
        _ => None,
    };
    Ok(Page {
        items: rows,
        next_cursor,
        seq: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let cursor = write("feed", &7_i64).unwrap();
        assert_eq!(read::<i64>("feed", Some(&cursor)).unwrap(), Some(7));
        assert!(read::<i64>("friends", Some(&cursor)).is_err());
        assert!(read::<(i64, i64)>("feed", Some(&cursor)).is_err());
        for wrong in ["", "x", "7", "bnVsbA", "{}"] {
            let error = read::<i64>("feed", Some(&Cursor(wrong.into()))).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidCursor, "{wrong}");
        }
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        assert_eq!(page("x", vec![3, 2, 1], 3, |n| *n).unwrap().next_cursor, None);
        let first = page("x", vec![4, 3, 2, 1], 3, |n| *n).unwrap();
        assert_eq!(first.items, [4, 3, 2]);
        assert_eq!(read::<i32>("x", first.next_cursor.as_ref()).unwrap(), Some(2));
    }
}
