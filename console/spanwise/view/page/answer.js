/** What the server answers; `console/spanwise/view` says what each field means. Times are microseconds since 1970. */
export {};
