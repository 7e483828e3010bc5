//! What the end of an environment does to what was opened in it and is still open.

use std::sync::Arc;

use napi::Env;
use parking_lot::Mutex;

use crate::error::{Result, from_napi};

/// Registered for the life of the environment, which may be that of the process; so what has ended before must not be kept by it.
pub struct Farewell<T: 'static>(Arc<Mutex<Option<T>>>);

impl<T: 'static> Farewell<T> {
    /// Calls `end` when the environment ends.
    pub fn of(env: Env, thing: T, end: fn(T)) -> Result<Self> {
        let place = Arc::new(Mutex::new(Some(thing)));
        env.add_env_cleanup_hook(place.clone(), move |place| {
            let thing = place.lock().take();
            if let Some(thing) = thing {
                end(thing);
            }
        })
        .map_err(from_napi)?;
        Ok(Self(place))
    }

    /// It has ended by itself.
    pub fn forget(&self) {
        let thing = self.0.lock().take();
        drop(thing);
    }
}
