//! Effects. The same as Yew's `use_effect_with`, which exists in the binary once for every use of it; this one
//! does not.

use std::any::Any;
use std::rc::Rc;

use yew::functional::TearDown;
use yew::prelude::*;

/// What an effect depends on, whatever its type.
trait Depends {
    fn is(&self, other: &dyn Any) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<D: PartialEq + 'static> Depends for D {
    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<D>().is_some_and(|other| self == other)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Deps(Rc<dyn Depends>);

impl PartialEq for Deps {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(other.0.as_any())
    }
}

type Undo = Box<dyn FnOnce()>;
type Act = Box<dyn FnOnce(&Deps) -> Undo>;

/// Acts after the first rendering and after each in which `deps` differ; what it gives is done before the next
/// time, and when the component goes.
#[hook]
pub(crate) fn use_effect_with<D, T>(deps: D, act: impl FnOnce(&D) -> T + 'static)
where
    D: PartialEq + 'static,
    T: TearDown,
{
    let act: Act = Box::new(move |deps| match deps.0.as_any().downcast_ref::<D>() {
        Some(deps) => {
            let undo = act(deps);
            Box::new(move || undo.tear_down())
        }
        None => Box::new(|| {}),
    });
    use_boxed(Deps(Rc::new(deps)), act);
}

#[hook]
fn use_boxed(deps: Deps, act: Act) {
    yew::functional::use_effect_with(deps, act);
}
