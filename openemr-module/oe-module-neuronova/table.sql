CREATE TABLE IF NOT EXISTS `neuronova_setting` (
  `name` VARCHAR(32) NOT NULL,
  `value` TEXT NOT NULL,
  PRIMARY KEY (`name`)
);
