//! What a worker must know to run a job: which function, with what around it. Text to this layer.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::RwLock;

/// The recipes of one pool, by an id that is never used again.
#[derive(Default)]
pub struct Recipes {
    last: AtomicU32,
    texts: RwLock<HashMap<u32, Arc<str>>>,
}

impl Recipes {
    /// Keeps a text and names it.
    pub fn add(&self, text: String) -> u32 {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.texts.write().insert(id, text.into());
        id
    }

    /// The text of an id that has not been dropped.
    pub fn get(&self, id: u32) -> Option<Arc<str>> {
        self.texts.read().get(&id).cloned()
    }

    /// Forgets a text; a worker that still runs it has its own copy.
    pub fn drop_id(&self, id: u32) {
        self.texts.write().remove(&id);
    }
}
