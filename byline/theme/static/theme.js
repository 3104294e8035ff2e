// Before the page is painted: apply the scheme that the reader chose, if any, and mark that scripts run.
const root = document.documentElement;
root.dataset.script = "";
try {
  const scheme = localStorage.getItem("scheme");
  if (scheme) root.dataset.scheme = scheme;
} catch { /* storage may be forbidden: then the system's scheme applies */ }
