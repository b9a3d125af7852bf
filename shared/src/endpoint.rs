//! What an API operation is: method, path, who may call it, query, body, reply. Declared once per operation
//! with [`endpoint!`](crate::endpoint!), used by the server to mount its handler, by the client to call it, by
//! the OpenAPI document and by the tests.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Prefix of every path of the API.
pub const API_BASE: &str = "/api/v1";

/// The HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or acts.
    Post,
    /// Sets; repeating it changes nothing more.
    Put,
    /// Changes some fields.
    Patch,
    /// Removes; repeating it changes nothing more.
    Delete,
}

impl Method {
    /// The method as it stands in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may call an operation at all. What they may see is decided per object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Somebody with a refresh token, in the cookie or in the body.
    RefreshToken,
    /// Somebody with a valid access token (`Authorization: Bearer …`).
    SignedIn,
}

/// Bodies, queries and replies must have a schema when the OpenAPI document is built, and need none otherwise.
#[cfg(feature = "openapi")]
pub trait Schema: utoipa::ToSchema + utoipa::PartialSchema {}
#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema + utoipa::PartialSchema> Schema for T {}
/// Bodies, queries and replies must have a schema when the OpenAPI document is built, and need none otherwise.
#[cfg(not(feature = "openapi"))]
pub trait Schema {}
#[cfg(not(feature = "openapi"))]
impl<T> Schema for T {}

/// The empty query, body or reply. As JSON it is `null`; nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Nothing;

/// One operation of the API. The implementing struct holds the path parameters.
pub trait Endpoint {
    /// Name of the operation, like its type: `operationId` of the OpenAPI document.
    const NAME: &'static str;
    /// One sentence that says what it does.
    const SUMMARY: &'static str;
    /// Its method.
    const METHOD: Method;
    /// Its path below [`API_BASE`], parameters in braces.
    const PATH: &'static str;
    /// Names of the path parameters, in order.
    const PARAMS: &'static [&'static str];
    /// Who may call it.
    const ACCESS: Access;
    /// The status of a success.
    const STATUS: u16;
    /// What follows the `?`.
    type Query: Serialize + DeserializeOwned + Schema;
    /// The JSON body of the request.
    type Body: Serialize + DeserializeOwned + Schema;
    /// The JSON body of the answer.
    type Reply: Serialize + DeserializeOwned + Schema;

    /// The full path with its parameters filled in, without query.
    fn path(&self) -> String;
}

/// Puts a value into a path: everything but unreserved characters (RFC 3986) is percent-encoded.
pub fn path_segment(value: &impl Display) -> String {
    let mut out = String::new();
    for byte in value.to_string().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A value out of a path: the reverse of [`path_segment`]. None when it is no text.
pub fn path_value(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else {
            return None;
        };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bytes.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}

/// The address of a call: path and query.
pub fn url<E: Endpoint>(endpoint: &E, query: &E::Query) -> String {
    let mut url = endpoint.path();
    match serde_urlencoded::to_string(query) {
        Ok(query) if !query.is_empty() => {
            url.push('?');
            url.push_str(&query);
        }
        // `Nothing` has no form encoding, and needs none.
        _ => {}
    }
    url
}

/// Declares an operation:
///
/// ```text
/// endpoint! {
///     /// Writes a comment on a post.
///     CreateComment { post_id: PostId } = Post "/posts/{post_id}/comments",
///     SignedIn, query Nothing, body NewComment => 201 Comment
/// }
/// ```
#[macro_export]
macro_rules! endpoint {
    (
        #[doc = $summary:literal]
        $name:ident { $($param:ident : $kind:ty),* } = $method:ident $path:literal,
        $access:ident, query $query:ty, body $body:ty => $status:literal $reply:ty
    ) => {
        #[doc = $summary]
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $(
                #[doc = concat!("Path parameter `", stringify!($param), "`.")]
                pub $param: $kind,
            )*
        }

        impl $crate::endpoint::Endpoint for $name {
            const NAME: &'static str = stringify!($name);
            const SUMMARY: &'static str = $summary;
            const METHOD: $crate::endpoint::Method = $crate::endpoint::Method::$method;
            const PATH: &'static str = $path;
            const PARAMS: &'static [&'static str] = &[$(stringify!($param)),*];
            const ACCESS: $crate::endpoint::Access = $crate::endpoint::Access::$access;
            const STATUS: u16 = $status;
            type Query = $query;
            type Body = $body;
            type Reply = $reply;

            fn path(&self) -> String {
                let path = format!("{}{}", $crate::endpoint::API_BASE, $path);
                $(
                    let path = path.replace(
                        concat!("{", stringify!($param), "}"),
                        &$crate::endpoint::path_segment(&self.$param),
                    );
                )*
                path
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Id, PostId};
    use crate::posts::{CommentsQuery, ListComments};

    #[test]
    fn parameters_are_filled_and_escaped() {
        let call = crate::users::GetProfile {
            username: "a/b ü".into(),
        };
        assert_eq!(call.path(), "/api/v1/users/a%2Fb%20%C3%BC");
    }

    #[test]
    fn what_was_put_into_a_path_comes_out_of_it() {
        for value in ["tea", "äpfel_2", "a/b?c#d%41", "100%", "a b+c", ""] {
            assert_eq!(path_value(&path_segment(&value)).as_deref(), Some(value));
        }
        for wrong in ["%", "%4", "%zz", "%+1", "%ff", "%C3"] {
            assert_eq!(path_value(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_set_query_fields_are_sent() {
        let call = ListComments {
            post_id: PostId::new(7),
        };
        assert_eq!(url(&call, &CommentsQuery::default()), "/api/v1/posts/7/comments");
        let query = CommentsQuery {
            limit: Some(5),
            ..CommentsQuery::default()
        };
        assert_eq!(url(&call, &query), "/api/v1/posts/7/comments?limit=5");
    }
}
