//! A photo lab's lamp, and a light meter that must not leave its thread.

use std::marker::PhantomData;
use std::rc::Rc;

use crate::clock::Clock;

/// A lamp that gets brighter by one lux in each millisecond of tokio's time. So a reading tells when it was taken.
///
/// ```
/// use grading::not_send::{Lamp, LightMeter};
/// use grading::{Failure, check, grade, ms};
///
/// grade(async || {
///     let lamp = Lamp::lit(200);
///     tokio::time::sleep(ms(30)).await;
///     let lux = LightMeter::held_to(&lamp).lux();
///     check(lux == 230, || Failure::new("It is 30 lux brighter after 30 ms."));
/// });
/// ```
#[derive(Debug, Clone)]
pub struct Lamp {
    lux: u32,
    lit: Clock,
}

impl Lamp {
    /// A lamp that begins at `lux` now.
    pub fn lit(lux: u32) -> Self {
        Self {
            lux,
            lit: Clock::start(),
        }
    }
}

/// Reads how bright a [`Lamp`] is. It belongs to the thread on which it was made: it is not [`Send`].
///
/// ```compile_fail,E0277
/// use grading::not_send::{Lamp, LightMeter};
///
/// let meter = LightMeter::held_to(&Lamp::lit(200));
/// std::thread::spawn(move || println!("{}", meter.lux()));
/// ```
#[derive(Debug)]
pub struct LightMeter {
    lamp: Lamp,
    stays: PhantomData<Rc<()>>,
}

impl LightMeter {
    /// A meter that shows the light of `lamp`.
    pub fn held_to(lamp: &Lamp) -> Self {
        Self {
            lamp: lamp.clone(),
            stays: PhantomData,
        }
    }

    /// How bright the lamp is now, in lux.
    ///
    /// # Panics
    ///
    /// After some 49 days of tokio's time, when the number no longer fits.
    pub fn lux(&self) -> u32 {
        let brighter = u32::try_from(self.lamp.lit.elapsed().as_millis());
        let brighter = brighter.expect("nobody leaves a lamp on for 49 days");
        self.lamp.lux + brighter
    }
}
