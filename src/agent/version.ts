/** As in package.json (a test compares them): the bundle has no package beside it to ask. */
export const VERSION = '0.1.0'
