// Numbers as one tells them, wherever the page does.
"use strict";

{
  const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  // Seconds: "under 1 min", "12 min", "2 h 5 min".
  const spent = (seconds) => {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    if (hours === 0 && minutes === 0) return "under 1 min";
    return hours === 0 ? `${minutes} min` : `${hours} h ${minutes} min`;
  };

  const capitalized = (words) => words.charAt(0).toUpperCase() + words.slice(1);

  workbook.words = { counted, spent, capitalized };
}
