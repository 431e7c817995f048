//! Words of assigned work that an educator blacks out are gone for good, and the nurse knows.
