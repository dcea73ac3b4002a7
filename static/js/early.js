// Before anything is drawn: the page knows that scripts run, so that nothing jumps when they start.
document.documentElement.classList.add("js");
