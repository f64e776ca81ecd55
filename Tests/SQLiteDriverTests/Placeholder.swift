// Filled with the driver's tests.
