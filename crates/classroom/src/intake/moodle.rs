//! The names that Moodle gives to the folders and files of "download all submissions":
//! `Ada Lovelace_4711_assignsubmission_file`, and without folders `Ada Lovelace_4711_assignsubmission_file_answers.zip`.

use crate::submission::Student;

/// What separates the participant's number from the name of the file.
const MARK: &str = "_assignsubmission_";

/// The student in such a name. The id is the number by which Moodle's grading worksheet knows the participant.
pub fn student(name: &str) -> Option<Student> {
    let (before, _) = name.split_once(MARK)?;
    let (name, id) = before.rsplit_once('_')?;
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Student {
        id: id.to_owned(),
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::student;

    #[test]
    fn a_name_of_moodle_has_the_student_and_the_participants_number() {
        for name in [
            "Ada Lovelace_4711_assignsubmission_file_",
            "Ada Lovelace_4711_assignsubmission_file",
            "Ada Lovelace_4711_assignsubmission_file_my_answers.zip",
        ] {
            let student = student(name).expect(name);
            assert_eq!((&*student.name, &*student.id), ("Ada Lovelace", "4711"));
        }
        for name in [
            "ada",
            "ada_4711",
            "ada_x_assignsubmission_file",
            "_assignsubmission_",
        ] {
            assert_eq!(student(name), None, "{name}");
        }
    }
}
