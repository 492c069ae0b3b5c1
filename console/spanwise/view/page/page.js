/** What a page of the application is. */
export {};
