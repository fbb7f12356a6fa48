/** The files of Swagger UI that the page loads, with their media types. */
export const DOCS_FILES: Readonly<Record<string, string>> = {
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "swagger-ui.css": "text/css; charset=utf-8",
};

/** Name of the script that starts the page. */
export const SETUP_FILE = "setup.js";
