// Before the page is painted: apply the scheme that the reader chose, if any and if the owner did not, and mark that scripts run.
const root = document.documentElement;
root.dataset.script = "";
try {
  const scheme = localStorage.getItem("scheme");
  if (scheme && !root.dataset.scheme) root.dataset.scheme = scheme;
} catch { /* storage may be forbidden: then the system's scheme applies */ }
