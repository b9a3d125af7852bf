//! Where may be sent to. The address of a push service comes from a browser, so it may be whatever somebody writes: the
//! server must not become a way into the network that it stands in (SSRF). It is https on its usual port, and what its
//! name leads to is looked at when the connection is made, so that a name that leads elsewhere a moment later gains
//! nothing. Redirects are not followed, proxies not used.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::Mode;

/// Bytes of an address at most.
pub const LENGTH_MAX: usize = 1_000;

/// An address that may be sent to, as far as it says itself.
pub fn endpoint(text: &str, mode: Mode) -> Option<Url> {
    if text.len() > LENGTH_MAX {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let allowed = match mode {
        Mode::Off => false,
        Mode::On => url.scheme() == "https" && url.port().is_none() && is_public_host(&url.host()?),
        Mode::Local => matches!(url.scheme(), "http" | "https") && url.host().is_some(),
    };
    (plain && allowed).then_some(url)
}

/// Numbers are looked at here: nobody resolves them.
fn is_public_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.contains('.'),
        Host::Ipv4(address) => is_public((*address).into()),
        Host::Ipv6(address) => is_public((*address).into()),
    }
}

/// Whether an address is one of the internet, and of no network of one's own.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// As the registry of special addresses has it (RFC 6890).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!((a, b, c), (0, ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _))
        // Multicast, kept for later, broadcast.
        || a >= 224;
    !special
}

/// Those that are given out: 2000::/3, but for what stands for something else.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let given_out = a & 0xe000 == 0x2000;
    let special = match a {
        // Protocols, Teredo among them; documentation.
        0x2001 => b < 0x0200 || b == 0x0db8,
        // 6to4 has an address of the other kind in it.
        0x2002 => true,
        0x3fff => b < 0x1000,
        _ => false,
    };
    given_out && !special
}

/// Looks names up, and keeps to itself what is not public.
pub(super) struct Resolver {
    pub(super) mode: Mode,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let anywhere = self.mode == Mode::Local;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found
                .filter(|address| anywhere || is_public(address.ip()))
                .collect();
            if found.is_empty() {
                let error = io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    "its name leads to no public address",
                );
                return Err(error.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_internet_is_public() {
        for public in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for own in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
        ] {
            assert!(!is_public(own.parse().unwrap()), "{own}");
        }
    }

    #[test]
    fn addresses_are_those_of_push_services() {
        for good in [
            "https://fcm.googleapis.com/fcm/send/abc:def",
            "https://updates.push.services.mozilla.com/wpush/v2/x?y=z",
            "https://web.push.apple.com:443/x",
            "https://1.1.1.1/x",
        ] {
            assert!(endpoint(good, Mode::On).is_some(), "{good}");
            assert!(endpoint(good, Mode::Off).is_none(), "{good}");
        }
        let long = format!("https://push.example/{}", "x".repeat(LENGTH_MAX));
        for bad in [
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com:8443/x",
            "https://ada@fcm.googleapis.com/x",
            "https://ada:x@fcm.googleapis.com/x",
            "https://fcm.googleapis.com/x#y",
            "https://localhost/x",
            "https://127.0.0.1/x",
            "https://0x7f000001/x",
            "https://2130706433/x",
            "https://[::1]/x",
            "https://[::ffff:169.254.169.254]/x",
            "https://10.0.0.1/x",
            "ftp://push.example/x",
            "file:///etc/passwd",
            "push.example/x",
            "",
            &long,
        ] {
            assert!(endpoint(bad, Mode::On).is_none(), "{bad}");
        }
        assert!(endpoint("http://127.0.0.1:4321/x", Mode::Local).is_some());
        assert!(endpoint("http://ada@127.0.0.1:4321/x", Mode::Local).is_none());
        assert!(endpoint("ftp://127.0.0.1/x", Mode::Local).is_none());
    }

    #[tokio::test]
    async fn a_name_that_leads_into_ones_own_network_leads_nowhere() {
        let name: Name = "localhost".parse().unwrap();
        assert!(Resolver { mode: Mode::On }.resolve(name).await.is_err());
        let name: Name = "localhost".parse().unwrap();
        let found: Vec<_> = Resolver { mode: Mode::Local }
            .resolve(name)
            .await
            .unwrap()
            .collect();
        assert!(found.iter().all(|address| address.ip().is_loopback()));
    }
}
