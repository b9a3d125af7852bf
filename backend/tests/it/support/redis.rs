//! The Redis that the nodes of a story share. All stories use one: what a Hearth keeps there is named by its
//! database.

/// `None` without a server; `HEARTH_TEST_REQUIRE_REDIS=1` forbids that, as with PostgreSQL.
#[expect(clippy::disallowed_methods, reason = "the tests' own configuration")]
pub(crate) fn url() -> Option<String> {
    let url = std::env::var("HEARTH_TEST_REDIS_URL").ok();
    assert!(
        url.is_some() || std::env::var("HEARTH_TEST_REQUIRE_REDIS").is_err(),
        "HEARTH_TEST_REDIS_URL is not set"
    );
    url
}
